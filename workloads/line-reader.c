/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "workloads/line-reader.h"

void
mig_line_reader_append (MigLineReader *reader, const char *data, size_t size)
{
  if (reader->whole)
    {
      reader->length = 0;
      reader->whole = reader->skipping = false;
    }
  size_t room = reader->skipping ? 0 : MIG_LINE_READER_MAX - reader->length;
  size_t taken = size < room ? size : room;
  memcpy (reader->text + reader->length, data, taken);
  reader->length += taken;
  reader->text[reader->length] = '\0';
  reader->skipping |= size > room;
}

bool
mig_line_reader_next (MigLineReader *reader, const char **data, size_t *size)
{
  const char *end = memchr (*data, '\n', *size);
  size_t length = end ? (size_t) (end - *data) : *size;

  mig_line_reader_append (reader, *data, length);
  reader->whole = end != NULL;
  *data += length + (end != NULL);
  *size -= length + (end != NULL);
  return end != NULL;
}
