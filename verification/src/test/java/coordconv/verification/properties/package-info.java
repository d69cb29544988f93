/** Properties over random geometries, at every vector width and thread count. */
package coordconv.verification.properties;
