/** One parsed document of the input: any value, nothing checked yet. */
export interface Document {
	readonly file: string;
	/** its place in the file, from 0 */
	readonly index: number;
	readonly value: unknown;
}
