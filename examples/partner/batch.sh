#!/bin/sh
# The nightly batch with curl: buys the labels of a CSV file, prints them as one PDF, and creates a manifest.
#   sh examples/partner/batch.sh orders.csv [folder]
# Each order's rate and shipment are kept in the folder, so that an interrupted batch goes on where it stopped.
# Cells have no commas and no quotation marks.
set -u
csv=$1
batch=$(basename "$csv" .csv)
out=${2:-$batch}
mkdir -p "$out"
: > "$out/failures"

ask() {
  curl -s --retry 2 "${PARCELGRAPH_URL:-http://127.0.0.1:4000}/graphql" -H 'content-type: application/json' \
    -H "authorization: Bearer ${PARCELGRAPH_API_KEY:-sandbox}" -d @-
}
# Picks the first value of a field from a response.
field() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }
# Keeps why a step failed, and its mend.
fail() {
  mend=$(field hint < "$2")
  printf '%s: %s\n  %s\n' "$1" "$(field message < "$2")" "${mend:-Mend the row, then run the batch again.}" >> "$out/failures"
}

FROM='{ "name": "Sally Sender", "phone": "202-555-0100", "street1": "475 L'\''Enfant Plaza SW",
  "city": "Washington", "state": "DC", "postalCode": "20260", "country": "US" }'
RATES='query ($input: RatesInput!) { rates(input: $input) { rates { id } failures { message hint } } }'
BUY='mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id status } userErrors { message } failure { message hint } } }'

total=$(($(grep -c . "$csv") - 1))
done=0
while IFS=, read -r order name street1 street2 city state postalCode country ounces length width height; do
  [ "$order" = order ] && continue
  done=$((done + 1))
  printf '%d of %d\n' "$done" "$total" >&2
  [ -s "$out/$order.shipment" ] && continue
  case "$name$street1$street2$city" in
    *\"*)
      printf '%s: has a quotation mark\n  Write the row without, or use batch.ts.\n' "$order" >> "$out/failures"
      continue
      ;;
  esac
  if [ ! -s "$out/$order.rate" ]; then
    ask > "$out/answer.json" <<JSON
{ "query": "$RATES", "variables": { "input": { "from": $FROM, "accountIds": ["usps"],
  "to": { "name": "$name", "street1": "$street1", "street2": "$street2", "city": "$city", "state": "$state",
    "postalCode": "$postalCode", "country": "$country" },
  "parcels": [{ "weight": { "value": $ounces, "unit": "OUNCE" },
    "dimensions": { "length": $length, "width": $width, "height": $height, "unit": "INCH" } }] } } }
JSON
    field id < "$out/answer.json" > "$out/$order.rate"
    [ -s "$out/$order.rate" ] || { fail "$order" "$out/answer.json"; continue; }
  fi
  # The key belongs to the order: whatever was lost, it buys once.
  ask > "$out/answer.json" <<JSON
{ "query": "$BUY", "variables": { "input": { "idempotencyKey": "$batch-$order", "rateId": "$(cat "$out/$order.rate")",
  "reference": "$order" } } }
JSON
  if [ "$(field status < "$out/answer.json")" = PURCHASED ]; then
    field id < "$out/answer.json" > "$out/$order.shipment"
  else
    fail "$order" "$out/answer.json"
    # A refusal buys nothing, so the next run asks for rates again; a lost response keeps its rate.
    grep -q '"code":"RATE_EXPIRED"\|"userErrors":\[{' "$out/answer.json" && rm "$out/$order.rate"
  fi
done < "$csv"

# In the order of the file.
bought=$(cut -d , -f 1 "$csv" | while read -r order; do [ -s "$out/$order.shipment" ] && echo "$order"; done)
# Lists the shipments of orders as JSON.
ids() {
  list=$(for order in "$@"; do printf '"%s",' "$(cat "$out/$order.shipment")"; done)
  printf '[%s]' "${list%,}"
}
if [ -n "$bought" ]; then
  ask > "$out/answer.json" <<JSON
{ "query": "query (\$input: LabelDocumentInput!) { labelDocument(input: \$input) { url labels skipped { shipmentId reason } } }",
  "variables": { "input": { "shipmentIds": $(ids $bought), "format": "PDF" } } }
JSON
  curl -s -f -o "$out/labels.pdf" "$(field url < "$out/answer.json")" || fail labels.pdf "$out/answer.json"
fi

# What is on no manifest yet.
number=$(($(find "$out" -name '*.manifested' | grep -c .) + 1))
new=$(for order in $bought; do [ -e "$out/$order.manifested" ] || echo "$order"; done)
if [ -n "$new" ]; then
  ask > "$out/answer.json" <<JSON
{ "query": "mutation (\$input: ManifestCreateInput!) { manifestCreate(input: \$input) {
    manifest { status form { url } } userErrors { message } failure { message hint } } }",
  "variables": { "input": { "idempotencyKey": "$batch-manifest-$number", "shipmentIds": $(ids $new) } } }
JSON
  if [ "$(field status < "$out/answer.json")" = CREATED ]; then
    curl -s -f -o "$out/manifest-$number.pdf" "$(field url < "$out/answer.json")"
    for order in $new; do : > "$out/$order.manifested"; done
  else
    fail manifest "$out/answer.json"
  fi
fi

rm -f "$out/answer.json"
printf '%s orders have a label; the files are in %s\n' "$(find "$out" -name '*.shipment' -size +0 | grep -c .)" "$out"
cat "$out/failures"
[ ! -s "$out/failures" ]
