/** How much of one connection is kept at most. Beyond it a side is read no further, or is not what it seemed to be. */

const kilobyte = 1_024;

/** A longer one is refused with 431. */
export const maxRequestHeadBytes = 64 * kilobyte;
/** What is longer is no head of HTTP, and is passed on as something else. */
export const maxResponseHeadBytes = 64 * kilobyte;
/** Of a client that has to wait: for the backend, or for an answer before its own. */
export const maxKeptBytes = 64 * kilobyte;
/** For a process that is being reached. */
export const maxUnsentBytes = 64 * kilobyte;
/** Answers of our own for a client that asks and does not read. */
export const maxUnreadBytes = 64 * kilobyte;
