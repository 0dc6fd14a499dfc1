/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Whose claims a study tests, as a study says it and a result's manifest: those of Koto and Kono.
 */
#define MIG_CLAIMS_PAPER "paper"
