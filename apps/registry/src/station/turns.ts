// What is to be done behind the door. The process that lets stations in also writes down what they say: so little of it at once that of a fleet
// that comes back nobody waits outside for what is said inside. The rest waits in the order in which it came.

const AT_ONCE = 16;

export class Turns {
  private free = AT_ONCE;
  private readonly waiting: (() => void)[] = [];

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((begin) => this.waiting.push(begin));
    try {
      return await work();
    } finally {
      // Handed on, not given back: nobody who comes just now overtakes who has waited.
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
