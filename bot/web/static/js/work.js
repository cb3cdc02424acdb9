// A work's page: the slider between doodle and painting, and votes without a new page. Everything works without it, too.

import { ask } from "./api.js";
import { uncover } from "./slider.js";

for (const frame of document.querySelectorAll(".compare")) {
  const slider = frame.querySelector("input");
  const beside = frame.querySelector(".beside");
  const show = uncover(frame, slider, beside);
  frame.dataset.state = "painting";
  slider.hidden = beside.hidden = false;
  show();
}

for (const form of document.querySelectorAll("[data-vote]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const { voted, votes } = await ask("POST", `/api/v1/works/${form.dataset.vote}/vote`, {});
      button.setAttribute("aria-pressed", voted);
      button.querySelector("[aria-hidden]").textContent = voted ? "♥" : "♡";
      form.querySelector("[data-votes]").textContent = votes;
    } catch (error) {
      button.title = error.message;
    } finally {
      button.disabled = false;
    }
  });
}
document.documentElement.dataset.ready = "work";
