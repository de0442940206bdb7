const attempts = 5;

/** For what a window may ignore because it was just busy with something else: tries again, a few times. */
export async function retry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = attempts; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}
