// SPDX-License-Identifier: BSD-2-Clause
/* Communities of SNMP. */
#include "dissect/snmp.h"
#include "dissect/credential.h"
#include "dissect/der.h"

#define PDU_FIRST 0xa0 /* GetRequest */
#define PDU_LAST 0xa8  /* Report */

bool snmp_datagram(const struct item_place *place, struct cursor datagram, item_fn *say, void *arg)
{
	struct credential credential = { .protocol = "SNMP", .method = "community" };
	const struct item item = { ITEM_CREDENTIAL, place, &credential };
	struct cursor message, version;
	struct der pdu;

	if (!datagram.left || datagram.at[0] != DER_SEQUENCE ||
	    !der_expect(&datagram, DER_SEQUENCE, &message, false) || datagram.left ||
	    !der_expect(&message, DER_INTEGER, &version, false) || version.left != 1 ||
	    version.at[0] > 1 || !der_expect(&message, DER_OCTETS, &credential.secret, false) ||
	    !der_next(&message, &pdu, false) || message.left || pdu.tag < PDU_FIRST ||
	    pdu.tag > PDU_LAST)
		return false;
	say(arg, &item);
	return true;
}
