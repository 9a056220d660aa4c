import { type Intake, intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { documents } from './objects.ts';

/** What the intake makes of values, as documents of one file. */
export function read(...values: readonly unknown[]): Intake {
	return intake(documents(...values), NEWEST_BEHAVIOUR);
}
