/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "study/read.h"

/* mig_read_orders: all distinct orders of the classes of some guests, a case for each. Inside the
 * room only. */
gboolean mig_read_orders (MigStudy *study, const xmlNode *node, GError **error);
