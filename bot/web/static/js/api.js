// Talking to /api/v1 from this page's own session.

const token = () => document.querySelector('meta[name="form-token"]')?.content ?? "";

/** What the server refused; `message` is a sentence for the person. */
export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The answer to a request that may change something; raises Refused. `body`: FormData, or an object sent as JSON. */
export async function send(method, path, body = null, signal = undefined) {
  const headers = { "x-csrf-token": token(), accept: "application/json" };
  let payload = body;
  if (body && !(body instanceof FormData)) {
    headers["content-type"] = "application/json";
    payload = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: payload, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "offline", "The server can't be reached: check the connection and try again.");
  }
  if (answer.ok) return answer;
  let said = {};
  try {
    said = (await answer.json()).error ?? {};
  } catch {
    // no JSON: something before our server answered
  }
  throw new Refused(answer.status, said.code ?? "error", said.message ?? `The server answered ${answer.status}.`);
}

/** The JSON of an answer. */
export async function ask(method, path, body = null, signal = undefined) {
  const answer = await send(method, path, body, signal);
  return answer.status === 204 ? null : answer.json();
}
