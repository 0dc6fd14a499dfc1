/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/quantity.h"
#include "model/training.h"

/* What a migration costs the guest's clients: an outage, which lasts longer than the downtime, and
 * what TCP makes of it. Pure. doc/model.md has the sources. */

/* mig_outage_learn: the surplus of the outages that were measured. */
void mig_outage_learn (MigModel *model, const MigTraining *training);

/* mig_outage_predict: of a downtime; all NaN: none was measured. An interval adds the spread of the
 * surplus to that of the downtime. */
MigPredicted mig_outage_predict (const MigModel *model, MigPredicted downtime);

/* mig_tcp_stall: how long a client may wait whose request was sent into an outage: up to its first
 * retransmission that is not in it. */
double mig_tcp_stall (double outage_s);

/* mig_tcp_connect: the same of a new connection; the client's kernel is Linux before 6.5, which
 * waits longest. */
double mig_tcp_connect (double outage_s);

/* mig_stall_predict: of an outage. The interval reaches from the outage's lower end, where the
 * request was under way when the guest stopped, to TCP's step at its upper end, and what timers are
 * late by. */
MigPredicted mig_stall_predict (MigPredicted outage);
