import type { components } from './api-types';

type Schemas = components['schemas'];

export type Money = Schemas['Money'];
export type Image = Schemas['Image'];
export type ProductCard = Schemas['ProductCard'];
export type ProductPage = Schemas['ProductPage'];
export type Product = Schemas['Product'];
export type Variant = Schemas['Variant'];
export type Collection = Schemas['Collection'];
export type Basket = Schemas['Basket'];
export type BasketLine = Schemas['BasketLine'];
export type ShippingRate = Schemas['ShippingRate'];
export type ShippingAddress = Schemas['ShippingAddress'];
export type PlaceOrderRequest = Schemas['PlaceOrderRequest'];
export type Order = Schemas['Order'];
export type PlacedOrder = Schemas['PlacedOrder'];
