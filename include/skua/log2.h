/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Logarithms that decide something: exact integers by table, so a score is the
 * same on every machine, which no libm promises.
 */
#ifndef SKUA_LOG2_H
#define SKUA_LOG2_H

#include "skua/port.h"

#define SKUA_LOG2_STEPS 256 /* per octave: resolves a ratio of 0.27 % */

/* ceil(2^63 * 2^(k/256)): x, shifted left until its top bit is set, lies at or above entry k
 * exactly when the fraction of log2(x) is at least k/256, for the powers between are irrational. */
static const __u64 skua_log2_steps[SKUA_LOG2_STEPS] = {
	0x8000000000000000ull, 0x8058d7d2d5e5f6b1ull, 0x80b1ed4fd999ab6dull, 0x810b40a1d81406d5ull,
	0x8164d1f3bc030774ull, 0x81bea1708dde6056ull, 0x8218af4373fc25ecull, 0x8272fb97b2a5894dull,
	0x82cd8698ac2ba1d8ull, 0x83285071e0fc4547ull, 0x8383594eefb6ee37ull, 0x83dea15b9541b133ull,
	0x843a28c3acde4047ull, 0x8495efb3303efd30ull, 0x84f1f656379c1a2aull, 0x854e3cd8f9c8c95eull,
	0x85aac367cc487b15ull, 0x86078a2f23642aa0ull, 0x8664915b923fba04ull, 0x86c1d919caef5c88ull,
	0x871f61969e8d1011ull, 0x877d2afefd4e256dull, 0x87db357ff698d792ull, 0x88398146b919f1d5ull,
	0x88980e8092da8528ull, 0x88f6dd5af155ac6cull, 0x8955ee03618e5fddull, 0x89b540a7902557a4ull,
	0x8a14d575496efd9bull, 0x8a74ac9a79896e47ull, 0x8ad4c6452c728925ull, 0x8b3522a38e1e1032ull,
	0x8b95c1e3ea8bd6e7ull, 0x8bf6a434adde0085ull, 0x8c57c9c4646f4ddeull, 0x8cb932c1bae97a96ull,
	0x8d1adf5b7e5ba9e6ull, 0x8d7ccfc09c50e2f8ull, 0x8ddf042022e69cd6ull, 0x8e417ca940e35a02ull,
	0x8ea4398b45cd53c1ull, 0x8f073af5a2013521ull, 0x8f6a8117e6c8e5c5ull, 0x8fce0c21c6726482ull,
	0x9031dc431466b1ddull, 0x9095f1abc540ca6cull, 0x90fa4c8beee4b12bull, 0x915eed13c89689d4ull,
	0x91c3d373ab11c337ull, 0x9228ffdc10a051adull, 0x928e727d9531f9adull, 0x92f42b88f673aa7dull,
	0x935a2b2f13e6e92cull, 0x93c071a0eef94bc1ull, 0x9426ff0fab1c04b7ull, 0x948dd3ac8ddb7ed4ull,
	0x94f4efa8fef70962ull, 0x955c5336887894d6ull, 0x95c3fe86d6cc7fefull, 0x962bf1cbb8d97560ull,
	0x96942d3720185a01ull, 0x96fcb0fb20ac4ba3ull, 0x97657d49f17ab08full, 0x97ce9255ec4357acull,
	0x9837f0518db8a970ull, 0x98a1976f7597e996ull, 0x990b87e266c189aaull, 0x9975c1dd47518c78ull,
	0x99e0459320b7fa65ull, 0x9a4b13371fd166cbull, 0x9ab62afc94ff864bull, 0x9b218d16f441d63dull,
	0x9b8d39b9d54e5539ull, 0x9bf93118f3aa4cc2ull, 0x9c6573682ec32c2eull, 0x9cd200db8a0774cbull,
	0x9d3ed9a72cffb751ull, 0x9dabfdff6367a2aaull, 0x9e196e189d472421ull, 0x9e872a276f0b9900ull,
	0x9ef5326091a111aeull, 0x9f6386f8e28ba651ull, 0x9fd228256400dd06ull, 0xa041161b3d0121beull,
	0xa0b0510fb9714fc3ull, 0xa11fd9384a344cf8ull, 0xa18faeca8544b6e4ull, 0xa1ffd1fc25cea189ull,
	0xa27043030c496819ull, 0xa2e102153e918f9full, 0xa3520f68e802bb93ull, 0xa3c36b345991b47cull,
	0xa43515ae09e6809full, 0xa4a70f0c95768ec5ull, 0xa5195786be9ef33aull, 0xa58bef536dbeb6eeull,
	0xa5fed6a9b15138ebull, 0xa6720dc0be08a20cull, 0xa6e594cfeee86b1eull, 0xa7596c0ec55ff55cull,
	0xa7cd93b4e965356aull, 0xa8420bfa298f70d2ull, 0xa8b6d5167b320e09ull, 0xa92bef41fa77771cull,
	0xa9a15ab4ea7c0ef9ull, 0xaa1717a7b569397aull, 0xaa8d2652ec90762aull, 0xab0386ef48868de1ull,
	0xab7a39b5a93ed338ull, 0xabf13edf162675e9ull, 0xac6896a4be3fe92aull, 0xace0413ff83e5d04ull,
	0xad583eea42a14ac7ull, 0xadd08fdd43d01492ull, 0xae493452ca35b80full, 0xaec22c84cc5c9466ull,
	0xaf3b78ad690a4375ull, 0xafb51906e75b8662ull, 0xb02f0dcbb6e04584ull, 0xb0a957366fb7a3caull,
	0xb123f581d2ac2590ull, 0xb19ee8e8c94feb09ull, 0xb21a31a66618fe3cull, 0xb295cff5e47db4a4ull,
	0xb311c412a911248aull, 0xb38e0e38419fae18ull, 0xb40aaea2654b9841ull, 0xb487a58cf4a9c181ull,
	0xb504f333f9de6485ull, 0xb58297d3a8b9f0d2ull, 0xb60093a85ed5f76cull, 0xb67ee6eea3b22b90ull,
	0xb6fd91e328d17792ull, 0xb77c94c2c9d725e9ull, 0xb7fbefca8ca41e7dull, 0xb87ba337a1743834ull,
	0xb8fbaf4762fb9eeaull, 0xb97c143756844dbfull, 0xb9fcd2452c0b9debull, 0xba7de9aebe5fea09ull,
	0xbaff5ab2133e45fcull, 0xbb81258d5b704b70ull, 0xbc034a7ef2e9fb0dull, 0xbc85c9c560e7b26aull,
	0xbd08a39f580c36bfull, 0xbd8bd84bb67ed483ull, 0xbe0f6809860993e3ull, 0xbe935317fc378238ull,
	0xbf1799b67a731083ull, 0xbf9c3c248e2486f9ull, 0xc0213aa1f0d08db1ull, 0xc0a6956e8836ca8dull,
	0xc12c4cca66709457ull, 0xc1b260f5ca0fbb34ull, 0xc238d2311e3d6673ull, 0xc2bfa0bcfad907c9ull,
	0xc346ccda24976408ull, 0xc3ce56c98d21b15eull, 0xc4563ecc5334cb33ull, 0xc4de8523c2c07babull,
	0xc5672a115506dadeull, 0xc5f02dd6b0bbc3daull, 0xc67990b5aa245f7aull, 0xc70352f04336c51eull,
	0xc78d74c8abb9b15dull, 0xc817f681416452b3ull, 0xc8a2d85c8ffe2c46ull, 0xc92e1a9d517f0eccull,
	0xc9b9bd866e2f27a3ull, 0xca45c15afcc72624ull, 0xcad2265e4290774eull, 0xcb5eecd3b38597c9ull,
	0xcbec14fef2727c5dull, 0xcc799f23d11510e6ull, 0xcd078b86503dcdd2ull, 0xcd95da6a9ff06445ull,
	0xce248c151f8480e4ull, 0xceb3a0ca5dc6a55eull, 0xcf4318cf191918c2ull, 0xcfd2f4683f94eeb6ull,
	0xd06333daef2b2595ull, 0xd0f3d76c75c5db8dull, 0xd184df6251699ac7ull, 0xd2164c023056bcacull,
	0xd2a81d91f12ae45bull, 0xd33a5457a3029055ull, 0xd3ccf099859ac37aull, 0xd45ff29e0972c561ull,
	0xd4f35aabcfedfa20ull, 0xd5872909ab75d18aull, 0xd61b5dfe9f9bce07ull, 0xd6aff9d1e13ba2feull,
	0xd744fccad69d6af5ull, 0xd7da67311797f56aull, 0xd870394c6db32c85ull, 0xd9067364d44a929cull,
	0xd99d15c278afd7b6ull, 0xda3420adba4d8705ull, 0xdacb946f2ac9cc72ull, 0xdb63714f8e295256ull,
	0xdbfbb797daf23756ull, 0xdc9467913a4f1c92ull, 0xdd2d818508324c21ull, 0xddc705bcd378f7f1ull,
	0xde60f4825e0e9124ull, 0xdefb4e1f9d1037f2ull, 0xdf9612deb8f04421ull, 0xe031430a0d99e628ull,
	0xe0ccdeec2a94e112ull, 0xe168e6cfd3295d24ull, 0xe2055afffe83d369ull, 0xe2a23bc7d7d91226ull,
	0xe33f8972be8a5a52ull, 0xe3dd444c46499619ull, 0xe47b6ca0373da88eull, 0xe51a02ba8e26d681ull,
	0xe5b906e77c8348a9ull, 0xe658797368b3a717ull, 0xe6f85aaaee1fce23ull, 0xe798aadadd5b9cbfull,
	0xe8396a503c4bdc69ull, 0xe8da9958464b42abull, 0xe97c38406c4f8c57ull, 0xea1e4756550eb27cull,
	0xeac0c6e7dd24392full, 0xeb63b74317369840ull, 0xec0718b64c1cbdddull, 0xecaaeb8ffb03ab41ull,
	0xed4f301ed9942b85ull, 0xedf3e6b1d418a492ull, 0xee990f980da3025cull, 0xef3eab20e032bc6cull,
	0xefe4b99bdcdaf5ccull, 0xf08b3b58cbe8b76bull, 0xf13230a7ad09450aull, 0xf1d999d8b7708cc2ull,
	0xf281773c59ffb13aull, 0xf329c9233b6bae9dull, 0xf3d28fde3a641a5bull, 0xf47bcbbe6db9fddfull,
	0xf5257d152486cc2dull, 0xf5cfa433e6537291ull, 0xf67a416c733f846eull, 0xf7255510c4288239ull,
	0xf7d0df730ad13bb9ull, 0xf87ce0e5b2094d9cull, 0xf92959bb5dd4ba75ull, 0xf9d64a46eb939f36ull,
	0xfa83b2db722a033bull, 0xfb3193cc4227c3f5ull, 0xfbdfed6ce5f09c49ull, 0xfc8ec01121e447bcull,
	0xfd3e0c0cf486c175ull, 0xfdedd1b496a89f35ull, 0xfe9e115c7b8f884cull, 0xff4ecb59511ec8a6ull,
};

/* floor(256 * log2(x)), exact; 0 for x = 0. */
skua_inline __u32 skua_log2_q8(__u64 x)
{
	__u32 whole, step = 0;

	if (!x)
		return 0;
	whole = 63 - __builtin_clzll(x);
	x <<= 63 - whole;
	for (__u32 half = SKUA_LOG2_STEPS / 2; half; half /= 2)
		if (x >= skua_log2_steps[(step + half) & (SKUA_LOG2_STEPS - 1)])
			step += half;
	return whole * SKUA_LOG2_STEPS + step;
}

#endif /* SKUA_LOG2_H */
