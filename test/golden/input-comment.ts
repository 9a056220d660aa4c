import { stringify } from 'yaml';

const OPTIONS = { lineWidth: 120, collectionStyle: 'any', aliasDuplicateObjects: false } as const;

/** What rules are made of, as a comment to stand above them: a few lines about it, then the objects. */
export function inputComment(about: string, objects: readonly unknown[]): string {
	return [`${about}\n`, ...objects.map((object) => stringify(object, OPTIONS))]
		.join('---\n')
		.split('\n')
		.map((line) => `# ${line}`.trimEnd())
		.join('\n');
}
