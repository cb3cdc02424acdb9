"""What is looked at on every page, by the browser itself; each script gives a list of what is wrong."""

from playwright.sync_api import Page

OF_TEXT = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (text) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const over = ([r, g, b, a], [R, G, B]) => [r, g, b].map((v, i) => (v * a + [R, G, B][i] * (255 - a)) / 255);
    const ground = (one) => {
        const chain = [];
        for (let at = one; at; at = at.parentElement) chain.push(rgba(getComputedStyle(at).backgroundColor));
        return chain.reverse().reduce((under, colour) => over(colour, under), [255, 255, 255]);
    };
    const light = (colour) => colour.map((value) => value / 255)
        .map((share) => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const weak = [];
    for (const one of document.querySelectorAll("body *")) {
        const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const seen = own && one.getClientRects().length && !one.closest("[hidden], .hidden-word, .skip, :disabled");
        if (!seen) continue;
        const style = getComputedStyle(one);
        const under = ground(one);
        const [low, high] = [light(over(rgba(style.color), under)), light(under)].sort((a, b) => a - b);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.6 && style.fontWeight >= 700);
        const ratio = (high + 0.05) / (low + 0.05);
        if (ratio < (large ? 3 : 4.5)) weak.push([one.outerHTML.slice(0, 90), Math.round(ratio * 100) / 100]);
    }
    return weak;
}"""

# Where the keyboard goes: one stop after the other, each with its ring, until it leaves the page.
STOPS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const ring = getComputedStyle(one);
    const pane = one.parentElement && getComputedStyle(one.parentElement);
    const drawn = (style) => style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const seen = [ring, pane].some(drawn);
    one.dataset.visited = "yes";
    return [one.outerHTML.slice(0, 90), seen];
}"""
UNREACHED = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, canvas[tabindex]")]
    .filter((one) => one.getClientRects().length && !one.disabled && one.type !== "hidden" && one.tabIndex >= 0)
    .filter((one) => one.localName === "summary" || !one.closest("details:not([open])"))
    .filter((one) => !one.closest("[hidden]") && one.dataset.visited !== "yes")
    .map((one) => one.outerHTML.slice(0, 90))"""
NAMELESS = """() => [...document.querySelectorAll("a, button, input, select, textarea, canvas, summary")]
.filter((one) => {
    if (one.type === "hidden" || one.hidden || !one.getClientRects().length) return false;
    const words = [...(one.labels ?? [])].map((label) => label.textContent.trim()).join("");
    const own = ["INPUT", "SELECT", "TEXTAREA"].includes(one.tagName) ? "" : one.textContent.trim();
    const named = one.getAttribute("aria-label") || one.title || own || words;
    return !named && !one.querySelector("img[alt]:not([alt=''])");
}).map((one) => `no name: ${one.outerHTML.slice(0, 120)}`)"""

# What readers of a page by ear stumble over.
MISFORMED = """() => {
    const wrong = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    if (document.documentElement.lang !== "en") wrong.push("no language");
    if (!document.title.trim()) wrong.push("no title");
    if (!document.querySelector("meta[name=description]")?.content) wrong.push("no description");
    const viewport = document.querySelector("meta[name=viewport]").content;
    if (/user-scalable=no|maximum-scale/.test(viewport)) wrong.push("no zoom");
    if (all("h1").length !== 1) wrong.push(`${all("h1").length} h1`);
    if (all("main").length !== 1) wrong.push("main");
    for (const one of all("img:not([alt])")) wrong.push(`no alt: ${one.outerHTML.slice(0, 90)}`);
    const ids = all("[id]").map((one) => one.id);
    for (const id of ids.filter((one, index) => ids.indexOf(one) !== index)) wrong.push(`twice: #${id}`);
    const heads = all("h1, h2, h3, h4").filter((one) => one.getClientRects().length);
    heads.map((one) => Number(one.tagName[1])).forEach((level, index, levels) => {
        if (index && level > levels[index - 1] + 1) wrong.push(`h${level}: ${heads[index].textContent}`);
    });
    // A name on what has no role is not read out.
    for (const one of all("span[aria-label]:not([role]), div[aria-label]:not([role]), p[aria-label]:not([role])")) {
        wrong.push(`a name without a role: ${one.outerHTML.slice(0, 90)}`);
    }
    if (all("img[src=x], main script").length) wrong.push("what a person wrote became a part of the page");
    for (const one of all("[tabindex]")) if (one.tabIndex > 0) wrong.push(`tabindex: ${one.outerHTML.slice(0, 90)}`);
    for (const one of all("ul > *, ol > *")) if (one.tagName !== "LI") wrong.push(`${one.tagName} in a list`);
    return wrong;
}"""

MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    const lasts = [style.transitionDuration, style.animationDuration].some((time) => parseFloat(time) > 0);
    return lasts || style.scrollBehavior === "smooth";
}).map((one) => `moves: ${one.outerHTML.slice(0, 60)}`).slice(0, 5)"""

DARK = """() => {
    const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
    return 0.299 * r + 0.587 * g + 0.114 * b < 64;
}"""

# What a finger misses: the page's own buttons have 44 px, where WCAG 2.2 asks for 24. Links in text may be small.
SMALL = """() => [...document.querySelectorAll("button, a.button, select, summary, input")].filter((one) => {
    const box = one.getBoundingClientRect();
    if (!box.width || one.closest("[hidden]") || getComputedStyle(one).opacity === "0") return false;
    const least = ["range", "checkbox"].includes(one.type) ? 22 : 43.5;
    return box.height < least || box.width < (one.type === "checkbox" ? 22 : 36);
}).map((one) => `small: ${one.outerHTML.slice(0, 80)}`)"""

# What is cut off, or sticks out of the screen.
WIDE = """() => {
    const wide = document.documentElement.scrollWidth;
    if (wide <= window.innerWidth) return [];
    const out = [...document.querySelectorAll("main *")].filter((one) => one.getBoundingClientRect().right >= wide);
    return [`${wide} px wide`, ...out.slice(0, 3).map((one) => one.outerHTML.slice(0, 90))];
}"""

# What a person can't press or read although it is on the screen: another thing lies on it, or its text is cut off.
COVERED = """() => {
    const wrong = [];
    for (const one of document.querySelectorAll("main button, main a[href], main select, main summary, main input")) {
        const box = one.getBoundingClientRect();
        if (!box.width || !box.height || box.top < 0 || box.bottom > innerHeight || one.closest("[hidden]")) continue;
        if (box.left < 0 || box.right > innerWidth) wrong.push(`off the screen: ${one.outerHTML.slice(0, 80)}`);
        for (const [x, y] of [[box.left + 8, box.top + 8], [box.right - 8, box.bottom - 8]]) {
            const top = document.elementFromPoint(x, y);
            if (!top || !(one.contains(top) || top.contains(one))) {
                wrong.push(`covered: ${one.outerHTML.slice(0, 80)} by ${top?.outerHTML.slice(0, 40)}`);
            }
        }
    }
    for (const one of document.querySelectorAll("main button, main .name, main a.button")) {
        if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline") {
            wrong.push(`cut: ${one.outerHTML.slice(0, 80)}`);
        }
    }
    return wrong;
}"""

CONTRASTS = """() => {
    const style = getComputedStyle(document.documentElement);
    const probe = document.body.appendChild(document.createElement("i"));
    const light = (name) => {
        probe.style.color = style.getPropertyValue(name);
        const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map((value) => {
            const share = value / 255;
            return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const pairs = [["--ink", "--paper"], ["--ink", "--card"], ["--soft", "--paper"], ["--soft", "--card"],
        ["--accent", "--paper"], ["--accent", "--card"], ["--on-accent", "--accent"], ["--warn", "--card"],
        ["--ink", "--accent-soft"], ["--soft", "--accent-soft"]];
    const found = pairs.map(([one, other]) => {
        const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return [`${one} on ${other}`, (bright + 0.05) / (dark + 0.05)];
    });
    probe.remove();
    return found;
}"""


def troubles(page: Page) -> list[object]:
    """What can't be read, is not named, or is put together wrongly."""
    found: list[object] = [*page.evaluate(NAMELESS), *page.evaluate(MISFORMED), *page.evaluate(WIDE)]
    found += [f"contrast {ratio}: {text}" for text, ratio in page.evaluate(OF_TEXT)]
    return found


def unreached(page: Page) -> list[object]:
    """Go through the page by Tab: stops without a ring, and what it never came to."""
    found: list[object] = []
    for _ in range(160):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOPS)
        if stop is None:
            break
        if not stop[1]:
            found.append(f"no ring: {stop[0]}")
    return [*found, *(f"not reached: {one}" for one in page.evaluate(UNREACHED))]
