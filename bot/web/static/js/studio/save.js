// The doodle stays in this browser: IndexedDB by style. Where there is none (private windows), nothing is kept.

const STORE = "doodles";

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("twobit", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function inStore(mode, act) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const asked = act(database.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    }).finally(() => database.close());
  } catch {
    return undefined;
  }
}

/** Keep this doodle for a style. */
export function save(key, { width, height, labels }) {
  return inStore("readwrite", (store) => store.put({ width, height, labels }, key));
}

/** What was kept for a style, undefined when nothing was. */
export function load(key) {
  return inStore("readonly", (store) => store.get(key));
}
