import { describe, expect, it } from 'vitest';
import { patchReport } from '../../src/report/patch.ts';
import { changeSet, shopPreview } from '../support/change-sets.ts';

describe('the patch', () => {
	it('has the rules of one node of each cohort that has any', () => {
		expect(patchReport(shopPreview().changes)).toBe(`\
cohort A: 196 nodes, pool!=edge
--- base/n1.nft
+++ head/n1.nft
@@ chain cluster/shop/web/http @@
-	numgen random mod 3 == 0 meta l4proto tcp dnat to 10.1.4.9:8080
+	reject
cohort B: 4 nodes, pool=edge
--- base/n101.nft
+++ head/n101.nft
@@ chain external/edge/ingress/https @@
-	goto local/edge/ingress/https
`);
	});

	it('is empty where no rule changes', () => expect(patchReport(changeSet())).toBe(''));

	it('cannot colour a terminal', () => {
		const text = new Map([['A', '@@ x @@\n-\tcomment "\u001b[31m"\n']]);
		expect(patchReport(changeSet({ text }))).toContain('\n-\tcomment "\uFFFD[31m"\n');
	});
});
