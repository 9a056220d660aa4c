import type { LineOf } from '../../src/diff/unified.ts';
import { itemLine } from '../../src/render/item-line.ts';
import { show } from './compiled.ts';

/** Items by the built-in templates. */
export const lineOf: LineOf = (shown, family) => itemLine(shown, family, show);
