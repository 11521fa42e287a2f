import { useHash } from './use-hash.ts';
import { ShipPage } from './ship-page.tsx';
import { ShipmentPage } from './shipment/shipment-page.tsx';

/** Shows the shipment that the URL names after #, otherwise the form for a new one. */
export function App() {
  const shipmentId = useHash();
  return (
    <>
      <header className="masthead">
        <a href="#" className="brand">
          <img src="/parcel.svg" alt="" width="32" height="32" />
          Parcelgraph Storefront
        </a>
      </header>
      {shipmentId ? <ShipmentPage key={shipmentId} id={shipmentId} /> : <ShipPage />}
    </>
  );
}
