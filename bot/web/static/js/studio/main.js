// The studio: puts board, painter, result and what comes after together.

import { Attempts } from "./attempts.js";
import { Board } from "./board.js";
import { anySeed, Choices } from "./choices.js";
import { Finished } from "./finished.js";
import { shortcuts } from "./keys.js";
import { Painter } from "./painter.js";
import { Result } from "./result.js";
import { signIn } from "./sign_in.js";

const byId = (id) => document.getElementById(id);

async function begin(root) {
  const style = JSON.parse(root.dataset.style);
  const start = JSON.parse(root.dataset.start); // { doodle: URL | null, options, parent, kept, attempt: {} | null }
  const choices = new Choices(byId("choices"));
  const result = new Result({
    pane: byId("result"),
    image: byId("painting"),
    doodle: byId("beside"),
    slider: byId("split"),
    caption: byId("caption"),
    bar: byId("progress"),
    peek: byId("peek"),
  });
  // A remix, a painting gone on with, or what begins like another, is kept beside what one draws in the style otherwise.
  const board = new Board(style, start.kept ? `${style.key} ${start.kept}` : style.key, {
    known: root.dataset.known === "yes",
    onChange: () => painter.lookSoon(),
    onTrouble: (text) => result.say(text),
  });
  const finished = new Finished({
    say: (text) => result.say(text),
    onDelete: (attempt) => {
      attempts.remove(attempt.id);
      result.say("Deleted.");
      painter.look("Deleted. Your doodle is still here; these are its colours.");
    },
  });
  const askSignIn = signIn(byId("sign-in"), () => board.keep());
  const painter = new Painter(style, start.parent, {
    board,
    choices,
    result,
    onStranger: askSignIn,
    onDone: (attempt) => {
      if (attempt) attempts.add(attempt);
      finished.offer(attempt);
    },
  });
  const show = (attempt, drawn) => {
    painter.forget(); // the painting is here already
    result.painting(attempt.painting, attempt.alt, attempt.doodle);
    const undo = drawn ? ". Your drawing is one Undo away." : "";
    result.say(`S${choices.told(attempt.options).slice(1)}, ${attempt.options.preset}${undo}`);
    finished.offer(attempt);
  };
  // Going back to an attempt: its painting, its choices and its doodle, with undo as the way back.
  const attempts = new Attempts(byId("attempts"), style.key, async (attempt) => {
    if (painter.busy) return;
    choices.fill(attempt.options);
    try {
      const { late, changed } = await board.recall(attempt.doodle);
      if (!late && !painter.busy) show(attempt, changed);
    } catch (error) {
      result.say(error.message);
    }
  });

  await board.begin(start.doodle);
  choices.fill(start.options);
  choices.form.addEventListener("submit", (event) => {
    event.preventDefault();
    painter.paint();
  });
  byId("again").addEventListener("click", () => {
    choices.fill({ seed: anySeed() });
    painter.paint();
  });
  byId("vary").addEventListener("click", () => {
    choices.vary();
    painter.paint();
  });
  byId("see-style").addEventListener("click", () => byId("style-dialog").showModal());
  shortcuts(board, () => painter.paint());
  if (start.attempt) attempts.add(start.attempt);
  if (start.attempt && !board.resumed) show(start.attempt, false);
  else painter.look();
  document.documentElement.dataset.ready = "studio";
}

const root = byId("studio");
if (root) begin(root);
