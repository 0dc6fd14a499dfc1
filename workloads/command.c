/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/command.h"
#include "workloads/options.h"
#include "workloads/protocol.h"

bool
mig_command_feed (MigLineReader *lines, const char *data, size_t size, uint64_t *period_ns)
{
  bool found = false;
  MigLine line;

  while (mig_line_reader_next (lines, &data, &size))
    {
      mig_protocol_parse (lines->text, lines->length, &line);
      if (line.kind != MIG_LINE_PERIOD || line.period_ns < MIG_OPTION_PERIOD_MIN_NS ||
          line.period_ns > MIG_OPTION_PERIOD_MAX_NS)
        continue;
      *period_ns = line.period_ns;
      found = true;
    }
  return found;
}
