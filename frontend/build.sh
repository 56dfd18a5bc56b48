#!/bin/sh
# Compiles src/ into lambeth_plans/static/lambeth_plans/ (one style sheet, the scripts, the icons).
# Only needed after a change in this folder: what it makes is committed, so users need no Node.
set -eu
cd "$(dirname "$0")"

[ -d node_modules ] || npm ci --ignore-scripts --omit=optional

govuk=node_modules/govuk-frontend/dist/govuk
moj=node_modules/@ministryofjustice/frontend/moj
out=../lambeth_plans/static/lambeth_plans

rm -rf "$out"
mkdir -p "$out/images"

# Two load paths: MOJ Frontend asks for "node_modules/govuk-frontend/…", we ask for the packages by name.
# Upstream's deprecations are theirs to mend; ours are shown.
node_modules/.bin/sass --load-path=. --load-path=node_modules --quiet-deps \
  --style=compressed --no-source-map --no-charset --no-error-css \
  src/application.scss "$out/application.css"

# The map beside the published bundle is not shipped, so the comment that points to it goes too.
sed '/^\/\/# sourceMappingURL=/d' "$govuk/govuk-frontend.min.js" > "$out/govuk-frontend.min.js"
cp src/application.js "$out/application.js"
cp src/images/* "$out/images/"
cp "$moj/assets/images/icon-document.svg" "$out/images/"
