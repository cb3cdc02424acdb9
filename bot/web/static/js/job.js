// One job of the queue: asked for, watched, stopped.

import { ask } from "./api.js";

const AGAIN = 2000; // ms before the events are asked for again when the line broke
const PATIENCE = 30; // such breaks in a row

/** Ask for a job by a form; the same form twice would be two jobs. Gives the job as the API tells it. */
export function submit(path, form) {
  form.set("key", crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  return ask("POST", path, form);
}

/** Follow a job to its end; `onStanding` hears every change. Gives the last standing. */
export function follow(id, onStanding) {
  return new Promise((resolve, reject) => {
    let source;
    let silent = 0;
    const listen = () => {
      source = new EventSource(`/api/v1/jobs/${id}/events`);
      source.addEventListener("standing", (event) => {
        silent = 0;
        const job = JSON.parse(event.data);
        onStanding(job);
        if (["done", "failed", "cancelled"].includes(job.state)) {
          source.close();
          resolve(job);
        }
      });
      source.onerror = () => {
        source.close();
        silent += 1;
        if (silent > PATIENCE) reject(new Error("The connection to the server is lost: load the page again."));
        else setTimeout(listen, AGAIN);
      };
    };
    listen();
  });
}

/** Stop it, at any stage. */
export const cancel = (id) => ask("POST", `/api/v1/jobs/${id}/cancel`);

/** How a standing is told to a person. */
export function words(job) {
  const rest = job.eta_seconds === null ? "" : `, about ${duration(job.eta_seconds)} to go`;
  if (job.state === "queued") {
    const place = job.ahead ? `${job.ahead} ahead of you` : "you are next";
    return `Waiting: ${place}${rest}`;
  }
  if (job.state === "running") return `${running(job)}${rest}`;
  if (job.state === "done") return job.kind === "suggest" ? "Here is a first map." : `Painted in ${duration(job.seconds ?? 0)}`;
  return job.message ?? "It was cancelled.";
}

function running({ kind, progress }) {
  if (kind === "suggest") return "Looking for regions in your picture";
  return progress ? `Painting: octave ${progress.octave} of ${progress.octaves}` : "A painter has begun";
}

function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
