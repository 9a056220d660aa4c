import { place, type Scale, scaleFor, ticks } from './scale.ts';

/** Curves over two logarithmic axes. */
export interface Plot {
	readonly title: string;
	/** below the title: what machine it was, and how it was measured */
	readonly note: string;
	readonly x: string;
	readonly y: string;
	/** at most four, each with a point at least */
	readonly curves: readonly Curve[];
}

/** One curve, its points in the order of x. */
export interface Curve {
	readonly name: string;
	readonly points: readonly Point[];
}

/** A point of a curve. */
export interface Point {
	readonly x: number;
	readonly y: number;
}

const WIDTH = 820;
const HEIGHT = 460;
/** The names of curves stand to the right of their last points. */
const PAPER = { left: 84, right: 650, top: 64, bottom: 400 } as const;

/** Of each curve, on a light page and on a dark one. */
const COLOURS = [
	['#8250df', '#ab7df8'],
	['#1a7f37', '#3fb950'],
	['#bc4c00', '#f0883e'],
	['#cf222e', '#ff7b72'],
] as const;

/** A picture gets the reader's colour scheme, but not the style of the page that it is on. */
const STYLE = `
	text { font: 13px system-ui, sans-serif; fill: #1f2328 }
	.title { font-size: 16px; font-weight: 600 }
	.note { font-size: 11px; fill: #59636e }
	.grid { stroke: #d1d9e0; stroke-width: 1 }
	polyline { fill: none; stroke-width: 2 }
${coloured(0)}
	@media (prefers-color-scheme: dark) {
	text { fill: #e6edf3 }
	.note { fill: #9198a1 }
	.grid { stroke: #3d444d }
${coloured(1)}
	}
`;

function coloured(scheme: 0 | 1): string {
	return COLOURS.map((colours, index) => {
		const colour = colours[scheme];
		return `\t.c${index} polyline { stroke: ${colour} } .c${index} circle, .c${index} text { fill: ${colour} }`;
	}).join('\n');
}

/**
 * A plot as SVG. Equal plots give equal bytes; nothing of a text can end its element.
 * @throws RangeError for numbers that no logarithm has
 */
export function plotSvg({ title, note, x, y, curves }: Plot): string {
	const points = curves.flatMap((curve) => curve.points);
	const across = scaleFor(
		points.map((point) => point.x),
		PAPER.left,
		PAPER.right,
	);
	const up = scaleFor(
		points.map((point) => point.y),
		PAPER.bottom,
		PAPER.top,
	);
	const names = apart(curves.map(({ points: all }) => place(up, all.at(-1)?.y ?? up.from)));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
		`<title>${escaped(title)}</title>`,
		`<style>${STYLE}</style>`,
		text(PAPER.left, 24, title, 'class="title"'),
		text(PAPER.left, 44, note, 'class="note"'),
		...verticals(across),
		...horizontals(up),
		text((PAPER.left + PAPER.right) / 2, PAPER.bottom + 44, x, 'text-anchor="middle"'),
		text(0, 0, y, `text-anchor="middle" transform="translate(18 ${(PAPER.top + PAPER.bottom) / 2}) rotate(-90)"`),
		...curves.map((curve, index) => drawn(curve, index, across, up, names[index] ?? 0)),
		'</svg>',
		'',
	].join('\n');
}

function verticals(across: Scale): readonly string[] {
	return ticks(across).flatMap((tick) => {
		const at = place(across, tick);
		return [
			line(at, PAPER.top, at, PAPER.bottom),
			text(at, PAPER.bottom + 20, tick.toLocaleString('en-US'), 'text-anchor="middle"'),
		];
	});
}

function horizontals(up: Scale): readonly string[] {
	return ticks(up).flatMap((tick) => {
		const at = place(up, tick);
		return [
			line(PAPER.left, at, PAPER.right, at),
			text(PAPER.left - 8, at + 4, tick < 1 ? `${Math.round(tick * 1000)} ms` : `${tick} s`, 'text-anchor="end"'),
		];
	});
}

function drawn({ name, points }: Curve, index: number, across: Scale, up: Scale, nameAt: number): string {
	const places = points.map((point) => [place(across, point.x), place(up, point.y)] as const);
	const lastX = places.at(-1)?.[0] ?? PAPER.right;
	return [
		`<g class="c${index}">`,
		`<polyline points="${places.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ')}"/>`,
		...places.map(([px, py]) => `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3.5"/>`),
		text(lastX + 10, nameAt + 4, name, 'class="name"'),
		'</g>',
	].join('\n');
}

const NAME_HEIGHT = 16;

/** Heights at which names do not cover one another, each as near to its own as may be from the lowest up. */
function apart(heights: readonly number[]): readonly number[] {
	const order = heights.map((height, index) => ({ height, index })).sort((a, b) => b.height - a.height);
	const found = [...heights];
	let ceiling = Number.POSITIVE_INFINITY;
	for (const { height, index } of order) {
		const at = Math.min(height, ceiling);
		found[index] = at;
		ceiling = at - NAME_HEIGHT;
	}
	return found;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
	const [a, b, c, d] = [x1, y1, x2, y2].map((each) => each.toFixed(1));
	return `<line class="grid" x1="${a}" y1="${b}" x2="${c}" y2="${d}"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
	return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
	return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
