import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The root of the git repository that a folder is in, found as git finds it: by `.git`; null where it is in none. */
export async function repositoryRoot(folder: string): Promise<string | null> {
	for (let at = folder; at !== dirname(at); at = dirname(at)) {
		if ((await stat(join(at, '.git')).catch(() => null)) !== null) return at;
	}
	return null;
}
