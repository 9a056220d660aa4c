import { type Intake, intake } from '../../src/intake/intake.ts';
import { NEWEST_BEHAVIOUR } from '../../src/versions/behaviour.ts';
import { documents } from './objects.ts';

/** What the intake makes of values, as documents of one file. */
export function read(...values: readonly unknown[]): Intake {
	return intake(documents(...values), NEWEST_BEHAVIOUR);
}

/** The same, of one document of a file with that name. */
export function readFrom(file: string, value: unknown): Intake {
	return intake([{ file, index: 0, value }], NEWEST_BEHAVIOUR);
}
