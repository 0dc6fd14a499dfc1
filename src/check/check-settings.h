/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "check/check-list.h"
#include "study/study.h"

/* mig_check_settings: what <migration> gives for techniques that take it, and no case is of one. */
void mig_check_settings (GPtrArray *checks, const MigStudy *study);
