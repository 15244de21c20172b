import type { components } from './api-types';

/** Api's answers under the names the pages use. */
type Schemas = components['schemas'];

export type Money = Schemas['Money'];
export type Image = Schemas['ImageView'];
export type ProductCard = Schemas['ProductCard'];
export type ProductPage = Schemas['ProductPage'];
export type Product = Schemas['ProductDetail'];
export type Variant = Schemas['VariantView'];
export type Collection = Schemas['CollectionView'];
export type FacetList = Schemas['FacetList'];
export type Fulfilment = Schemas['FulfilmentView'];
export type OrderLine = Schemas['OrderLineView'];
export type OrderUnits = Schemas['OrderUnitsView'];
export type Basket = Schemas['BasketView'];
export type BasketLine = Schemas['BasketLineView'];
export type ShippingAddress = Schemas['AddressRequest'];
export type PlaceOrderRequest = Schemas['OrderRequest'];
export type Order = Schemas['OrderView'];
export type Session = Schemas['SessionView'];
export type MyOrders = Schemas['CustomerOrderPage'];
export type OrderQuote = Schemas['OrderQuote'];
export type ShippingCountry = Schemas['ShippingCountry'];
export type ShippingMethod = Schemas['ShippingQuote'];
