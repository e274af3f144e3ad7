// The commands are added with the parts that they call.
return 2;
