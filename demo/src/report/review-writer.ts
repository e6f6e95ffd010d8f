import type { Review } from '@invigil/protocol/report';
import type { ReviewRequest } from '../api/session-api.ts';
import type { Viewer } from './report-viewer.ts';
import type { Answer } from '../api/answer.ts';

/** What a person may add to a report, and in which role. */
export interface ReviewWriter {
  viewer: Viewer;
  review: (review: ReviewRequest) => Promise<Answer<Review>>;
  contest: (observationId: string, text: string) => Promise<Answer<Review>>;
}
