/** Which keys the format has at which level, and what they hold: what containerlab's schema allows, by name. */

/** What a key holds. `text` is any scalar; `texts` a list of them; `textMap` a map to them; `any` is not looked into. */
export type Shape = 'text' | 'number' | 'integer' | 'boolean' | 'texts' | 'textMap' | 'list' | 'map' | 'any';

export type Keys = Readonly<Record<string, Shape>>;

export const ROOT_KEYS: Keys = keys({ text: 'name prefix', any: 'debug', map: 'mgmt topology settings' });

export const TOPOLOGY_KEYS: Keys = keys({ map: 'defaults kinds groups nodes', list: 'links' });

export const MGMT_KEYS: Keys = keys({
  text: 'network bridge ipv4-subnet ipv6-subnet ipv4-gw ipv6-gw ipv4-range ipv6-range',
  number: 'mtu',
  boolean: 'external-access skip-when-unused',
  textMap: 'driver-opts',
});

/** Of a node, a group, a kind and the defaults. */
export const NODE_KEYS: Keys = keys({
  text: `kind group type image image-pull-policy restart-policy license startup-config user hostname entrypoint cmd runtime
    mgmt-ipv4 mgmt-ipv6 network-mode link-apply-mode memory cpu-set shm-size cgroupns-mode cgroup-parent pid-mode`,
  number: 'cpu',
  integer: 'startup-delay',
  boolean: 'enforce-startup-config suppress-startup-config auto-remove privileged',
  texts: 'exec binds volumes ports env-files aliases cap-add security-opts devices',
  textMap: 'env labels sysctls tmpfs',
  list: 'components',
  map: 'credentials extras config stages dns certificate healthcheck',
});

/** Of a link without a type. */
export const BRIEF_LINK_KEYS: Keys = keys({
  list: 'endpoints',
  number: 'mtu',
  texts: 'ipv4 ipv6',
  map: 'vars',
  textMap: 'labels',
});

const EXTENDED: Keys = keys({ text: 'type', number: 'mtu', map: 'vars', textMap: 'labels' });
const TWO_ENDS: Keys = { ...EXTENDED, endpoints: 'list' };
const ONE_END: Keys = { ...EXTENDED, endpoint: 'map' };
const HOST_END: Keys = { ...ONE_END, 'host-interface': 'text' };
const TUNNEL: Keys = { ...ONE_END, remote: 'text', vni: 'integer', 'dst-port': 'integer', 'src-port': 'integer' };

/** Of a link with a type, by type. */
export const LINK_TYPES: ReadonlyMap<string, Keys> = new Map([
  ['veth', { ...TWO_ENDS, ipv4: 'texts', ipv6: 'texts' }],
  ['veth-stitch', TWO_ENDS],
  ['host', HOST_END],
  ['mgmt-net', HOST_END],
  ['macvlan', { ...HOST_END, mode: 'text' }],
  ['vxlan', TUNNEL],
  ['vxlan-stitch', TUNNEL],
  ['dummy', ONE_END],
]);

/** Keys that a link of a type cannot do without. */
export const NEEDED_LINK_KEYS: Readonly<Record<string, readonly string[]>> = {
  host: ['host-interface'],
  'mgmt-net': ['host-interface'],
  macvlan: ['host-interface'],
  vxlan: ['remote', 'vni', 'dst-port'],
  'vxlan-stitch': ['remote', 'vni', 'dst-port'],
};

export const ENDPOINT_KEYS: Keys = keys({ text: 'node interface mac ipv4 ipv6', map: 'vars' });

function keys(byShape: Partial<Record<Shape, string>>): Keys {
  const pairs = Object.entries(byShape).flatMap(([shape, names]) =>
    names.split(/\s+/).map((name): [string, Shape] => [name, shape as Shape]),
  );
  return Object.freeze(Object.fromEntries(pairs));
}
