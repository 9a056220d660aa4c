/** Whether a value is what JSON and YAML call an object or map: no list, and not nothing. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
