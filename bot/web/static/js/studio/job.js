// One painting: asked for, watched, stopped.

import { ask } from "../api.js";

const AGAIN = 2000; // ms before the events are asked for again when the line broke

/** Ask for a painting. `wish`: { style, doodle: Blob, options, parent }. Gives the job as the API tells it. */
export function submit(wish) {
  const form = new FormData();
  form.set("style", wish.style);
  form.set("doodle", wish.doodle, "doodle.png");
  form.set("key", crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  if (wish.parent) form.set("parent", wish.parent);
  for (const [name, value] of Object.entries(wish.options)) {
    if (value !== null && value !== undefined) form.set(name, value);
  }
  return ask("POST", "/api/v1/jobs", form);
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
        if (silent > 30) reject(new Error("The connection to the server is lost: load the page again."));
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
  if (job.state === "running") {
    const { progress } = job;
    return progress ? `Painting: octave ${progress.octave} of ${progress.octaves}${rest}` : `A painter has begun${rest}`;
  }
  if (job.state === "done") return `Painted in ${duration(job.seconds ?? 0)}`;
  return job.message ?? "The painting was cancelled.";
}

function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
