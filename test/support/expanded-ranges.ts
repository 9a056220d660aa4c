/** The names that ranges stand for, as a reader expands them. */
export function expandedRanges(ranges: string): readonly string[] {
	return ranges === '' ? [] : ranges.split(', ').flatMap(expandedSeries);
}

function expandedSeries(text: string): readonly string[] {
	const [, prefix, list, suffix] = /^(.*)\[(.*)\](.*)$/.exec(text) ?? [];
	if (list === undefined) return [text];
	return list.split(',').flatMap((range) => {
		const [first = '', last = first] = range.split('-');
		const numbers = Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
		return numbers.map((number) => `${prefix}${String(number).padStart(first.length, '0')}${suffix}`);
	});
}
