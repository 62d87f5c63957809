// Long work in small steps: between them the page may draw, and the person may go on reading. No thread is needed, so the
// same code runs from a file, where browsers start none.

const STRETCH_MILLISECONDS = 25;

const untilDrawn = () => new Promise((done) => setTimeout(done, 0));

/** Counts steps and lets the page breathe. `tell(done, total)` is called when it does. */
export class Pace {
  #tell;
  #since = performance.now();

  constructor(tell = () => {}, total = 0) {
    this.#tell = tell;
    Object.assign(this, { done: 0, total });
  }

  /** Marks one step done; waits for the page where it has waited long enough. */
  async step(count = 1) {
    this.done += count;
    if (performance.now() - this.#since < STRETCH_MILLISECONDS) return;
    this.#tell(Math.min(this.done, this.total), this.total);
    await untilDrawn();
    this.#since = performance.now();
  }
}
