/** Why a source cannot be read, in a sentence for the user. */
export class SourceError extends Error {
	override readonly name = 'SourceError';
}
