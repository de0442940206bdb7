import assert from 'node:assert/strict';
import type { BackendErrorCode } from '../../src/model/failure';
import { BackendFailure } from '../../src/protocol/backendFailure';

/** For `assert.rejects`: a failure with this code, whose message matches where one is given. */
export function failsWith(code: BackendErrorCode, message = /./): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof BackendFailure, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

/** The failure with which the work must end. */
export async function failureOf(work: Promise<unknown>): Promise<BackendFailure> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof BackendFailure, String(error));
    return error;
  }
  throw new Error('it did not fail');
}
