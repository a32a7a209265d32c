#!/usr/bin/env bash
# Fails on findings of level high or above in what is installed at run time. A registry that refuses audits is reported, and fails too:
# it is not a pass.
set -u
report=$(npm audit --omit=dev --json 2>/dev/null)
counts=$(node -e '
  let report;
  try { report = JSON.parse(process.argv[1]); } catch { process.exit(2); }
  const found = report?.metadata?.vulnerabilities;
  if (!found) process.exit(2);
  console.log(JSON.stringify(found));
  process.exit(found.high + found.critical > 0 ? 1 : 0);
' "$report")
case $? in
  0) echo "audit: nothing high: $counts" ;;
  1) echo "audit: HIGH FINDINGS: $counts"; npm audit --omit=dev; exit 1 ;;
  *) echo "audit: NOT DONE: the registry gave no report"; exit 3 ;;
esac
