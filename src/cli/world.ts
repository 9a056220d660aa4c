import type { Talk } from './report.ts';

/** The world a command runs in. */
export interface World {
	readonly stdin: NodeJS.ReadableStream;
	readonly stdout: NodeJS.WritableStream;
	readonly talk: Talk;
}

/** Runs a command in the world; its exit code becomes the program's. */
export type Perform = (command: (world: World) => Promise<number>) => Promise<void>;
