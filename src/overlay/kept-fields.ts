/** A value that holds nothing else. */
type Scalar = string | number | boolean | null;

/**
 * What to keep of a value: a plain value; a list of them; a map of them; these fields of a map; this of every entry of a list.
 * What is not of the shape is left out, so that nothing comes along unseen.
 */
export type Shape = 'scalar' | 'scalars' | 'map' | readonly [Shape] | { readonly [field: string]: Shape };

/** What a shape keeps of a value; undefined where that is nothing. Keys of maps are sorted. */
export function kept(value: unknown, shape: Shape): unknown {
	if (shape === 'scalar') return isScalar(value) ? value : undefined;
	if (shape === 'scalars') return Array.isArray(value) ? value.filter(isScalar) : undefined;
	if (isList(shape)) return Array.isArray(value) ? value.flatMap((entry) => kept(entry, shape[0]) ?? []) : undefined;
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
	const fields = shape === 'map' ? mapFields(value) : Object.entries(shape);
	const found = fields.flatMap(([field, inner]) => {
		const own = Object.hasOwn(value, field) ? kept(Reflect.get(value, field), inner) : undefined;
		return own === undefined ? [] : [[field, own] as const];
	});
	return Object.fromEntries(found);
}

function mapFields(value: object): readonly (readonly [string, Shape])[] {
	const keys = Object.keys(value).sort();
	return keys.map((key) => [key, 'scalar']);
}

/** The API server knows no other values; YAML has times. */
function isScalar(value: unknown): value is Scalar {
	return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isList(shape: Shape): shape is readonly [Shape] {
	return Array.isArray(shape);
}
