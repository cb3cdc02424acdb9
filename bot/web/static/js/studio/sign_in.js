// Anybody draws; who paints has signed in. The way there is beside the button, and leads back to this doodle.

/** `line`: the sentence with the link; `keep` has the browser keep the doodle. Gives what asks to sign in. */
export function signIn(line, keep) {
  const link = line.querySelector("a");
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab: this one stays
    event.preventDefault();
    await keep(); // a page that goes away may not get that far
    window.location.assign(link.href);
  });
  return () => {
    line.hidden = false;
    line.classList.add("asked");
    link.focus();
  };
}
