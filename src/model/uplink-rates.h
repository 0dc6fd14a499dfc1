/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/simulation-state.h"

/* mig_uplink_rates_share: an uplink among all that send through it: each is told what it could get
 * there, where that is less than it could get elsewhere. So those of an uplink with room for all
 * hear nothing of each other. */
void mig_uplink_rates_share (MigSimulation *self, guint uplink);
