type Defined<T> = { [K in keyof T]: undefined extends T[K] ? never : K }[keyof T];
type Clean<T> = Pick<T, Defined<T>> & { [K in Exclude<keyof T, Defined<T>>]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined, so that an absent field is absent on the other side of the socket too. */
export function dropUndefined<T extends object>(value: T): Clean<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Clean<T>;
}
