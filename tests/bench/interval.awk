# SPDX-License-Identifier: GPL-3.0-or-later
# Mean and 95 % interval by Student's t, of values that add() collects under names.
BEGIN {
  split("12.71 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 2.201 2.179 2.160 2.145", student_t)
}

function add(name, value) {
  count[name]++
  sum[name] += value
  squares[name] += value * value
}

# "MEAN +- HALF" of what was added under this name; just the mean of one value.
function interval(name, format,   n, mean, t) {
  n = count[name]
  mean = sum[name] / n
  if (n < 2) return sprintf(format, mean)
  t = student_t[n > 14 ? 14 : n - 1]
  return sprintf(format " +- " format, mean, t * sqrt((squares[name] - n * mean * mean) / (n - 1) / n))
}
