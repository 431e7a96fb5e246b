/** Kinds of node that containerlab knows. What an engine makes of them is the engine's matter. */

const KINDS: ReadonlySet<string> = new Set(
  `linux bridge ovs-bridge host ext-container k8s-kind generic_vm
  6wind_vsr arista_ceos arista_veos arrcus_arcos aruba_aoscx border0 checkpoint_cloudguard ciena_saos
  cisco_asav cisco_c8000 cisco_c8000v cisco_cat9kv cisco_csr cisco_csr1000v cisco_ftdv cisco_iol cisco_n9kv cisco_nxos
  cisco_sdwan cisco_vios cisco_xrd cisco_xrd_vrouter cisco_xrv cisco_xrv9k cjunosevolved
  dell_ftosv dell_sonic f5_bigip-ve fdio_vpp fortinet_fortigate freebsd huawei_vrp ipinfusion_ocnos
  juniper_cjunosevolved juniper_crpd juniper_csrx juniper_vjunosevolved juniper_vjunosrouter juniper_vjunosswitch
  juniper_vmx juniper_vqfx juniper_vsrx keysight_ixia-c-one mikrotik_ros nokia_srlinux nokia_sros nokia_srsim
  nvidia_cumulusvx openbsd openwrt ostinato paloalto_panos plvision_sonic rare sonic-vm sonic-vs spirent_stc
  veesix_osvbng vyosnetworks_vyos`.split(/\s+/),
);

/** Short names from before kinds carried their vendor, which older files still use. */
const OLD_KINDS: ReadonlySet<string> = new Set('srl ceos crpd xrd cvx'.split(' '));

/** Whether containerlab knows a kind of this name. */
export function isKnownKind(kind: string): boolean {
  return KINDS.has(kind) || OLD_KINDS.has(kind) || /^vr-[a-z0-9]+$/.test(kind);
}

/** All kinds, for suggestions. */
export const knownKinds: readonly string[] = Object.freeze([...KINDS]);
