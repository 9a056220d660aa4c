// The one class of the API library that is used, apart from the rest: so the bundle holds what that class needs and no
// more. The whole library takes half a second to load, and 70 MB. Imported when a cluster is talked to, and only then.
export { KubeConfig } from '@kubernetes/client-node';
