/** The same answer for people and for programs. */
import { htmlAnswer, jsonAnswer, type Answer } from './answers';
import type { Reply } from './connectionHost';
import type { WaitingText } from './gatewayEvents';
import type { RequestHead } from './httpHead';
import { isNavigation } from './requestPolicy';
import { waitingPage, type PageText } from './waitingPage';

/** A page where a person looks, JSON elsewhere. */
export function plainReply(answer: Answer): Reply {
  const { error, hint, log = [] } = answer;
  const page = { title: error, lines: hint === undefined ? [] : [hint], log, refreshes: false, link: 'Try again' };
  return forBoth(answer, page);
}

/** For a page of another site: it does not wake, but the person who came along may. */
export function asleepReply(answer: Answer): Reply {
  const lines = ['Another site led here. It was not woken for that.'];
  return forBoth(answer, { title: 'The backend is asleep', lines, log: [], refreshes: false, link: 'Wake it' });
}

/** The page that waits. */
export function pageReply({ title, lines, log }: WaitingText): Reply {
  const answer: Answer = { status: 503, retryAfterS: 1, error: title };
  return forBoth(answer, { title, lines, log, refreshes: true });
}

function forBoth(answer: Answer, page: PageText): Reply {
  return (head: RequestHead | undefined, closes: boolean) =>
    head !== undefined && isNavigation(head)
      ? htmlAnswer(answer, waitingPage(page), head, closes)
      : jsonAnswer(answer, head, closes);
}
