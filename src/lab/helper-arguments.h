/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/lab.h"

/* mig_helper_arguments: the command line of the helper that makes a lab with these options, with
 * NULL at its end. Errors: a part of migcost, or a kernel for the guests, is missing. */
GPtrArray *mig_helper_arguments (const MigLabOptions *options, GError **error);
