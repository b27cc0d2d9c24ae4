import { Lab } from '/work/main/dist/test/lab/lab.js'
for (const xdpPeers of [false, true]) {
  const lab = await Lab.create({ servers: false, xdpPeers, offloads: !xdpPeers, mtu: 3000 })
  await lab.gate.exec(['ip','link','set','c0','xdpdrv','obj','/tmp/x/tx.o','sec','xdp'])
  const rx = async () => (await lab.client().run('cat /proc/net/dev | grep eth0')).trim().split(/\s+/)[2]
  const before = await rx()
  await lab.client().try(['ping','-c','3','-i','0.2','-W','1',lab.gate.ipv4])
  console.log(xdpPeers, before, await rx(), (await lab.client().run('ethtool -k eth0 | grep -E "^(tx-check|generic-rec)"; ip link show eth0')))
  await lab.close()
}
