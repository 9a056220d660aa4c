import { valueAt } from '../../findings/input-objects.ts';
import type { CheckDraft } from '../../model/check-report.ts';
import { familyName, IP_FAMILIES, type IpFamily } from '../../model/ip.ts';
import { failed } from '../result.ts';
import { isServedIn } from '../site-groups.ts';
import { specField, type Trapped, titleOf } from './trap.ts';

/**
 * Finds dual-stack Services whose source ranges are of one family only: the other one is open to everybody, as it is for
 * kube-proxy (`pkg/proxy/serviceport.go` reads the ranges of each family by themselves).
 */
export function oneFamilySourceRanges({ state, objects, choice }: Trapped): readonly CheckDraft[] {
	return state.services.flatMap((service) => {
		if (!IP_FAMILIES.every((family) => isServedIn(service, family))) return [];
		const object = objects.services.get(`${service.namespace}/${service.name}`);
		const ranges = valueAt(object?.value, 'spec', 'loadBalancerSourceRanges');
		const texts = Array.isArray(ranges) ? ranges.filter((each) => typeof each === 'string') : [];
		const named = new Set(texts.map((text): IpFamily => (text.includes(':') ? 'ip6' : 'ip')));
		const open = IP_FAMILIES.find((family) => !named.has(family));
		const [only] = named;
		if (named.size !== 1 || open === undefined || only === undefined) return [];
		const sentence = `its loadBalancerSourceRanges name ${familyName(only)} networks only: everybody may use its ${familyName(open)} load-balancer addresses`;
		const about = { object: titleOf(service), sentence, origin: specField(service, 'loadBalancerSourceRanges') };
		return [failed('one-family-source-ranges', about, choice)];
	});
}
