/** The part of Handlebars that calls compiled templates. Its own declarations are empty. */
declare module 'handlebars/runtime.js' {
	import Handlebars = require('handlebars');
	export = Handlebars;
}
